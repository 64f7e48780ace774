import '@mantine/core/styles.css';
import './ui/app.css';
import './desk/mail/mail.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { createServices } from './app/services.ts';

const root = document.getElementById('root');
if (root) {
  const services = createServices(window);
  void services.session.start();
  createRoot(root).render(
    <StrictMode>
      <App services={services} />
    </StrictMode>,
  );
}
